import { ownValue } from '@parley/contracts';
import type { ReactNode } from 'react';
import { isVisible, oneLine } from '../format/one-line.ts';

/** Reactions that the picker offers by default. A reaction's type may be any text up to 64 characters; these are emoji. */
export const defaultReactions = ['👍', '❤️', '😂', '🎉', '😮', '😢'] as const;

/**
 * The default reactions are drawn, so that they look the same everywhere, also where no emoji font is installed. Any other type is shown as the
 * text that it is.
 */
export function ReactionGlyph({ type }: { readonly type: string }) {
  const text = oneLine(type);
  const drawing = ownValue(drawings, type);
  return (
    <span className="parley-glyph" aria-hidden="true">
      {drawing === undefined ? (
        <bdi>{isVisible(text) ? text : '\uFFFD'}</bdi>
      ) : (
        <svg viewBox="0 0 24 24" focusable="false" aria-hidden="true">
          {drawing}
        </svg>
      )}
    </span>
  );
}

const ink = '#6b4410';
const face = <circle cx="12" cy="12" r="10" fill="#ffcc4d" />;
const eyes = (y: number) => (
  <g fill={ink}>
    <ellipse cx="8.4" cy={y} rx="1.3" ry="1.7" />
    <ellipse cx="15.6" cy={y} rx="1.3" ry="1.7" />
  </g>
);

const drawings: Readonly<Record<string, ReactNode>> = {
  '👍': (
    <g fill="#ffcc4d" stroke="#e0a32e" strokeWidth="0.7" strokeLinejoin="round">
      <path d="M8.6 10.6c2-1.3 3.6-3.7 3.9-6.6.1-1.2.9-1.9 1.9-1.7 1.6.3 2.2 2 2 3.7-.1 1.3-.5 2.4-.9 3.4h4.2c1.2 0 2.1.9 2 2-.1.8-.5 1.3-1.1 1.6.6.4.9 1 .8 1.7-.1.8-.6 1.3-1.3 1.5.4.4.6.9.5 1.5-.1.7-.6 1.2-1.3 1.4.3.3.4.7.3 1.2-.2 1-1 1.5-2 1.5h-4.4c-1.7 0-3.2-.4-4.6-1.2z" />
      <rect x="2.4" y="10" width="5.4" height="11.4" rx="1.6" />
    </g>
  ),
  '❤️': (
    <path
      fill="#e5344d"
      d="M12 21.2C5.6 16.7 2 13.1 2 8.6 2 5.4 4.4 3 7.4 3 9.3 3 11 4 12 5.6 13 4 14.7 3 16.6 3 19.6 3 22 5.4 22 8.6c0 4.5-3.6 8.1-10 12.6z"
    />
  ),
  '😂': (
    <g>
      {face}
      <g fill="none" stroke={ink} strokeWidth="1.4" strokeLinecap="round">
        <path d="M6.4 9.6q1.9-2.2 3.8 0M13.8 9.6q1.9-2.2 3.8 0" />
      </g>
      <path fill={ink} d="M6 12.6h12c0 3.6-2.6 6-6 6s-6-2.4-6-6z" />
      <path fill="#fff" d="M7 12.6h10v1.2c0 .4-.3.6-.7.6H7.7c-.4 0-.7-.2-.7-.6z" />
      <path
        fill="#5dadec"
        d="M5 11.2c-1.8 1-3.4 2.5-3.3 4 .1 1.3 1.5 1.9 2.5 1 1.2-1.1 1.2-3.4.8-5zM19 11.2c1.8 1 3.4 2.5 3.3 4-.1 1.3-1.5 1.9-2.5 1-1.2-1.1-1.2-3.4-.8-5z"
      />
    </g>
  ),
  '🎉': (
    <g>
      <path fill="#ffcc4d" d="M2.6 21.4 8.3 7.7l8 8z" />
      <path fill="#e0a32e" d="M5.7 14.1 9.9 18.4 6.8 19.7 4.4 17.3z" />
      <path
        fill="none"
        stroke="#9266cc"
        strokeWidth="1.5"
        strokeLinecap="round"
        d="M11 8.5c1.6-1.4 2-3.4 1.2-5.7M15.6 13.2c2-1.3 4-1.3 5.8-.2"
      />
      <path fill="none" stroke="#e5344d" strokeWidth="1.5" strokeLinecap="round" d="M13.4 10.7c2.3-.9 3.7-2.7 4-5.2" />
      <g fill="#5dadec">
        <circle cx="7" cy="3.8" r="1.2" />
        <circle cx="20.6" cy="8.6" r="1.2" />
      </g>
      <g fill="#77b255">
        <circle cx="20.3" cy="3.4" r="1.1" />
        <circle cx="19.7" cy="17.7" r="1.2" />
      </g>
    </g>
  ),
  '😮': (
    <g>
      {face}
      {eyes(9.4)}
      <path
        fill="none"
        stroke={ink}
        strokeWidth="1.1"
        strokeLinecap="round"
        d="M6.8 5.9q1.5-1 3-.5M14.2 5.4q1.5-.5 3 .5"
      />
      <ellipse cx="12" cy="16.3" rx="2.7" ry="3.3" fill={ink} />
    </g>
  ),
  '😢': (
    <g>
      {face}
      {eyes(10.4)}
      <path
        fill="none"
        stroke={ink}
        strokeWidth="1.4"
        strokeLinecap="round"
        d="M8.5 17.3q3.5-2.8 7 0M6.4 7.7q1.3-1.5 3-1.6M17.6 7.7q-1.3-1.5-3-1.6"
      />
      <path fill="#5dadec" d="M7.4 13c-1.2 1.7-2 3-2 4.2a2 2 0 0 0 4 0c0-1.2-.8-2.5-2-4.2z" />
    </g>
  ),
};
