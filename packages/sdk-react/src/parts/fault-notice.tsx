import { useStrings } from '../provider/parley-context.ts';
import { Icon } from './icon.tsx';
import { Notice } from './notice.tsx';

/** Stands where a conversation or a list could not be shown. */
export function FaultNotice({ title, onRetry }: { readonly title: string; readonly onRetry: () => void }) {
  const strings = useStrings();
  return (
    <Notice icon="warning" tone="fault" title={title} detail={strings.notShownHint}>
      <button className="parley-button" data-kind="quiet" type="button" onClick={onRetry}>
        {strings.retry}
      </button>
    </Notice>
  );
}

export interface FaultLineProps {
  readonly words: string;
  readonly onRetry: () => void;
  /** Where the button is one stop of a list that arrow keys move in. */
  readonly tabIndex?: number | undefined;
}

/** The same in one line, for what stands among others of its kind. */
export function FaultLine({ words, onRetry, tabIndex }: FaultLineProps) {
  const strings = useStrings();
  return (
    <div className="parley-message-fault">
      <Icon name="warning" />
      <span>{words}</span>
      <button className="parley-link-button" type="button" tabIndex={tabIndex} onClick={onRetry}>
        {strings.retry}
      </button>
    </div>
  );
}
