import { type ComponentPropsWithoutRef, type KeyboardEvent, useEffect, useRef } from 'react';
import { useChannel } from '../hooks/use-channel.ts';
import { useMyId } from '../hooks/use-me.ts';
import { useNewMessage } from '../hooks/use-new-message.ts';
import { useSelected } from '../hooks/use-store.ts';
import { classNames } from '../lib/class-names.ts';
import { pressed } from '../lib/pressed.ts';
import { useStrings } from '../provider/parley-context.ts';
import { nameOf, whyClosed } from '../strings.ts';
import { CopyAction } from './copy-action.tsx';
import { GrowingTextarea } from './growing-textarea.tsx';
import { Icon } from './icon.tsx';
import { summaryOf } from './quoted-message.tsx';

export interface ComposerProps extends Omit<ComponentPropsWithoutRef<'form'>, 'children'> {
  /** Takes the focus when it appears. */
  readonly takesFocus?: boolean | undefined;
}

/** Characters left at which the counter shows up. */
const counterFrom = 500;

/** The field in which messages are written. Enter sends, Shift+Enter breaks the line, Escape gives up a reply, arrow up in an empty field edits the last message. */
export function Composer({ takesFocus = false, className, ...rest }: ComposerProps) {
  const strings = useStrings();
  const userId = useMyId();
  const { channel, status, error, may } = useChannel();
  const isEmpty = useSelected(channel.messages, ({ items }) => items.length === 0);
  // Messages are edited in their place in the list.
  const composer = useNewMessage();
  const input = useRef<HTMLTextAreaElement>(null);
  const loaded = status === 'live' || status === 'resuming';
  const { quoting, editingId, remaining } = composer;
  const editsFromHere = useRef(false);

  useEffect(() => {
    if (takesFocus || quoting !== null) input.current?.focus();
  }, [takesFocus, quoting]);

  // Whoever went from here to edit a message goes on writing here.
  useEffect(() => {
    if (editingId !== null || !editsFromHere.current) return;
    editsFromHere.current = false;
    input.current?.focus();
  }, [editingId]);

  // With nothing to read, the list says why.
  if (status === 'failed' || (status === 'closed' && isEmpty)) return null;
  const refusal = status === 'closed' ? whyClosed(error, strings) : strings.mayNotSend;
  if (status === 'closed' || (loaded && !may('send-message')))
    return (
      <div className="parley parley-composer-refusal" role="status">
        <p>{refusal}</p>
        {composer.text.trim() !== '' && (
          // What was typed is not taken away with the field.
          <p className="parley-unsent">
            <q className="parley-failed-edit" dir="auto">
              {composer.text}
            </q>
            <CopyAction text={composer.text} />
          </p>
        )}
      </div>
    );

  // While the channel still loads too: what is sent waits its turn, and an Enter that did nothing would be taken for a message that was sent.
  const submit = () => {
    composer.submit();
    input.current?.focus();
  };
  const press = (event: KeyboardEvent) => {
    if (quoting !== null && pressed(event, 'Escape')) {
      event.preventDefault();
      composer.cancel();
    } else if (pressed(event, 'ArrowUp') && composer.text === '' && may('update-own-message')) {
      const last = channel.messages
        .get()
        .items.findLast(
          (message) => message.user?.id === userId && message.status === 'sent' && message.deletedAt === null,
        );
      if (last === undefined) return;
      event.preventDefault();
      editsFromHere.current = true;
      composer.edit(last.id);
    }
  };

  return (
    <form
      {...rest}
      className={classNames('parley parley-composer', className)}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      {quoting !== null && (
        <div className="parley-replying">
          <Icon name="reply" />
          <span className="parley-replying-words">
            <span className="parley-quote-author">{strings.replyingTo(nameOf(quoting.user, strings))}</span>
            <span className="parley-quote-text" dir="auto">
              <bdi>{summaryOf(quoting, strings)}</bdi>
            </span>
          </span>
          <button
            className="parley-icon-button"
            type="button"
            aria-label={strings.cancel}
            title={strings.cancel}
            onClick={composer.cancel}
          >
            <Icon name="close" />
          </button>
        </div>
      )}
      <div className="parley-composer-row">
        <GrowingTextarea
          inputRef={input}
          aria-label={strings.writeMessage}
          placeholder={strings.writeMessage}
          dir="auto"
          enterKeyHint="send"
          value={composer.text}
          onChange={(event) => composer.setText(event.target.value)}
          onBlur={() => channel.stopTyping()}
          onKeyDown={press}
          onEnter={submit}
        />
        <button
          className="parley-send"
          type="submit"
          aria-label={strings.send}
          title={strings.send}
          disabled={!composer.canSubmit}
        >
          <Icon name="send" />
        </button>
      </div>
      {remaining <= counterFrom && (
        <span className="parley-counter" data-over={remaining < 0} role="status">
          {strings.charactersLeft(remaining)}
        </span>
      )}
    </form>
  );
}
