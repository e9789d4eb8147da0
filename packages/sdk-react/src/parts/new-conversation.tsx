import { type ComponentPropsWithoutRef, useEffect, useRef, useState } from 'react';
import { useClient } from '../hooks/use-client.ts';
import { useMyId } from '../hooks/use-me.ts';
import { usePeople } from '../hooks/use-people.ts';
import { classNames } from '../lib/class-names.ts';
import { pressed } from '../lib/pressed.ts';
import { useStrings } from '../provider/parley-context.ts';
import { nameOf, reasonOf } from '../strings.ts';
import { Avatar } from './avatar.tsx';
import { BackButton } from './back-button.tsx';
import { Notice } from './notice.tsx';
import { ChannelListSkeleton } from './skeleton.tsx';

export interface NewConversationProps extends Omit<ComponentPropsWithoutRef<'section'>, 'children'> {
  /** Called with the channel, which existed before when the two had talked already. */
  readonly onOpen: (channelId: string) => void;
  readonly onCancel: () => void;
}

/** Finds a person to talk with. */
export function NewConversation({ onOpen, onCancel, className, ...rest }: NewConversationProps) {
  const strings = useStrings();
  const client = useClient();
  const userId = useMyId();
  const input = useRef<HTMLInputElement>(null);
  const [words, setWords] = useState('');
  const [fault, setFault] = useState<string | null>(null);
  const people = usePeople(words.trim());
  useEffect(() => input.current?.focus(), []);

  const open = async (otherId: string) => {
    setFault(null);
    try {
      const channel = await client.createChannel({
        type: 'messaging',
        memberIds: userId === null ? [otherId] : [userId, otherId],
      });
      onOpen(channel.id);
    } catch (error) {
      setFault(reasonOf(error, strings));
    }
  };

  return (
    <section
      {...rest}
      className={classNames('parley parley-new-conversation', className)}
      aria-label={strings.newConversation}
      onKeyDown={(event) => {
        if (pressed(event, 'Escape')) onCancel();
      }}
    >
      <div className="parley-search">
        <BackButton onBack={onCancel} />
        <input
          ref={input}
          type="search"
          value={words}
          placeholder={strings.findPeople}
          aria-label={strings.findPeople}
          onChange={(event) => setWords(event.target.value)}
        />
      </div>
      {fault !== null && (
        <p className="parley-form-fault" role="alert">
          {fault}
        </p>
      )}
      <div className="parley-people">
        {people.status === 'loading' && <ChannelListSkeleton />}
        {people.status === 'failed' && <Notice icon="warning" tone="fault" title={people.reason} />}
        {people.status === 'ready' && people.users.length === 0 && <Notice icon="search" title={strings.noPeople} />}
        <ul className="parley-channel-items">
          {people.users.map((user) => (
            <li key={user.id}>
              <button className="parley-channel-list-item" type="button" onClick={() => open(user.id)}>
                <Avatar name={nameOf(user, strings)} image={user.image} seed={user.id} presenceOf={user.id} />
                <span className="parley-item-title" dir="auto">
                  {nameOf(user, strings)}
                </span>
              </button>
            </li>
          ))}
        </ul>
      </div>
    </section>
  );
}
