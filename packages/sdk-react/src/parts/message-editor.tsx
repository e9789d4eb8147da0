import * as limits from '@parley/contracts/client-limits';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useStrings } from '../provider/parley-context.ts';
import { GrowingTextarea } from './growing-textarea.tsx';

export interface MessageEditorProps {
  readonly text: string;
  readonly onSave: (text: string) => void;
  readonly onCancel: () => void;
}

/** Stands in place of the message while it is edited. Enter saves, Escape gives up. */
export function MessageEditor({ text, onSave, onCancel }: MessageEditorProps) {
  const strings = useStrings();
  const input = useRef<HTMLTextAreaElement>(null);
  const [edited, setEdited] = useState(text);
  const remaining = limits.messageText - edited.length;
  const acceptable = edited.trim() !== '' && remaining >= 0;

  useEffect(() => {
    const element = input.current;
    element?.focus();
    element?.setSelectionRange(element.value.length, element.value.length);
  }, []);

  const save = () => {
    if (!acceptable) return;
    if (edited.trim() === text) onCancel();
    else onSave(edited.trim());
  };
  const press = (event: KeyboardEvent) => {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    event.stopPropagation();
    onCancel();
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
        value={edited}
        onChange={(event) => setEdited(event.target.value)}
        onKeyDown={press}
        onEnter={save}
      />
      <div className="parley-editor-buttons">
        {remaining < 0 && (
          <span className="parley-counter" data-over="true">
            {strings.charactersLeft(remaining)}
          </span>
        )}
        <button className="parley-button" data-kind="quiet" type="button" onClick={onCancel}>
          {strings.cancel}
        </button>
        <button className="parley-button" type="submit" disabled={!acceptable}>
          {strings.save}
        </button>
      </div>
    </form>
  );
}
