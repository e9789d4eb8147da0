import { type KeyboardEvent, useEffect, useRef } from 'react';
import type { UseEditResult } from '../hooks/use-edit.ts';
import { useEdit } from '../hooks/use-edit.ts';
import { pressed } from '../lib/pressed.ts';
import { useStrings } from '../provider/parley-context.ts';
import { GrowingTextarea } from './growing-textarea.tsx';

export interface MessageEditorProps {
  readonly messageId: string;
  /** Called when it was saved or given up. */
  readonly onDone: () => void;
}

/** Stands in place of the message while it is edited. Enter saves, Escape gives up. */
export function MessageEditor({ messageId, onDone }: MessageEditorProps) {
  const edit = useEdit(messageId);
  return edit && <Editor edit={edit} onDone={onDone} />;
}

function Editor({ edit, onDone }: { readonly edit: UseEditResult; readonly onDone: () => void }) {
  const strings = useStrings();
  const input = useRef<HTMLTextAreaElement>(null);
  const { text, remaining, canSubmit } = edit;

  useEffect(() => {
    const element = input.current;
    element?.focus();
    element?.setSelectionRange(element.value.length, element.value.length);
  }, []);

  const save = () => {
    if (!canSubmit) return;
    edit.submit();
    onDone();
  };
  const cancel = () => {
    edit.cancel();
    onDone();
  };
  const press = (event: KeyboardEvent) => {
    if (!pressed(event, 'Escape')) return;
    event.preventDefault();
    event.stopPropagation();
    cancel();
  };
  return (
    <form
      className="parley-editor"
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <GrowingTextarea
        inputRef={input}
        aria-label={strings.editMessage}
        value={text}
        onChange={(event) => edit.setText(event.target.value)}
        onKeyDown={press}
        onEnter={save}
      />
      <div className="parley-editor-buttons">
        {remaining < 0 && (
          <span className="parley-counter" data-over="true">
            {strings.charactersLeft(remaining)}
          </span>
        )}
        <button className="parley-button" data-kind="quiet" type="button" onClick={cancel}>
          {strings.cancel}
        </button>
        <button className="parley-button" type="submit" disabled={!canSubmit}>
          {strings.save}
        </button>
      </div>
    </form>
  );
}
