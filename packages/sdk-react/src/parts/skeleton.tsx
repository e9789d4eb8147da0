import { useStrings } from '../provider/parley-context.ts';

const rows = [0.62, 0.8, 0.5, 0.72, 0.58, 0.66];

/** Grey shapes where conversations will be. */
export function ChannelListSkeleton() {
  const strings = useStrings();
  return (
    <div className="parley-skeleton" role="status" aria-label={strings.loading}>
      {rows.map((width) => (
        <div className="parley-skeleton-item" key={width}>
          <span className="parley-skeleton-circle" />
          <span className="parley-skeleton-lines">
            <span className="parley-skeleton-line" style={{ inlineSize: `${width * 70}%` }} />
            <span className="parley-skeleton-line" style={{ inlineSize: `${width * 100}%` }} />
          </span>
        </div>
      ))}
    </div>
  );
}

/** Grey shapes where messages will be. */
export function MessageListSkeleton() {
  const strings = useStrings();
  return (
    <div className="parley-skeleton parley-skeleton-messages" role="status" aria-label={strings.loading}>
      {rows.map((width, index) => (
        <span
          className="parley-skeleton-bubble"
          data-own={index % 3 === 2}
          key={width}
          style={{ inlineSize: `${width * 60}%` }}
        />
      ))}
    </div>
  );
}
