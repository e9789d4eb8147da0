import { useState } from 'react';
import './page.css';

/** A conversation takes two: leads to the same page as somebody else. */
export function Hint({ user }: { readonly user: string }) {
  const [shown, setShown] = useState(true);
  if (!shown) return null;
  const other = user === 'ada' ? 'bob' : 'ada';
  return (
    <aside className="hint" aria-label="About this demo">
      <bdi>
        You are <b>{user}</b>. Open this page as{' '}
        <a href={`?user=${other}`} target="_blank" rel="noopener">
          {other}
        </a>{' '}
        in a second window, or just write: grace answers.
      </bdi>
      <button type="button" aria-label="Close the hint" onClick={() => setShown(false)}>
        ×
      </button>
    </aside>
  );
}
