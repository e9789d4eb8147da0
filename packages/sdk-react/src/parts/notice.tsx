import type { ReactNode } from 'react';
import { sentence } from '../format/sentence.ts';
import { Icon, type IconName } from './icon.tsx';

export interface NoticeProps {
  readonly icon: IconName;
  readonly title: string;
  readonly detail?: string | undefined;
  readonly tone?: 'quiet' | 'fault' | undefined;
  readonly children?: ReactNode;
}

/** A notice in place of content: nothing yet, or something went wrong. */
export function Notice({ icon, title, detail, tone = 'quiet', children }: NoticeProps) {
  return (
    <div className="parley-notice" data-tone={tone} role={tone === 'fault' ? 'alert' : undefined}>
      <span className="parley-notice-icon">
        <Icon name={icon} />
      </span>
      <p className="parley-notice-title">{title}</p>
      {detail !== undefined && <p className="parley-notice-detail">{sentence(detail)}</p>}
      {children}
    </div>
  );
}
