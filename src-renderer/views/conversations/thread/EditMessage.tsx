import { useEffect, useRef, useState } from 'react';
import { pressed } from '../../shortcuts.ts';

interface EditMessageProps {
  text: string;
  /** The verb of its button, and what happens then. */
  done: string;
  hint?: string;
  onDone: (text: string) => void;
  onCancel: () => void;
}

/** Other words for a message, in its own place. Enter is done, Shift+Enter makes a line, Escape leaves the old words. */
export function EditMessage({ text, done, hint, onDone, onCancel }: EditMessageProps) {
  const [value, setValue] = useState(text);
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    field.current?.focus();
    field.current?.setSelectionRange(text.length, text.length);
  }, [text]);
  return (
    <div className="edit">
      <textarea
        ref={field}
        className="edit-field"
        aria-label="Edit message"
        value={value}
        onChange={(event) => setValue(event.target.value)}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing) return;
          if (pressed(event, 'leave')) {
            event.preventDefault();
            onCancel();
          } else if (pressed(event, 'keep')) {
            event.preventDefault();
            onDone(value);
          }
        }}
      />
      <div className="row edit-actions">
        <span className="grow text-3 small">{hint}</span>
        <button type="button" className="button bare small" onClick={onCancel}>
          Cancel
        </button>
        <button type="button" className="button small" disabled={value.trim() === ''} onClick={() => onDone(value)}>
          {done}
        </button>
      </div>
    </div>
  );
}
