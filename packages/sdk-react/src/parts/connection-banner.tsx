import { type ComponentPropsWithoutRef, useEffect, useState } from 'react';
import { useClient } from '../hooks/use-client.ts';
import { useConnection } from '../hooks/use-connection.ts';
import { classNames } from '../lib/class-names.ts';
import { useStrings } from '../provider/parley-context.ts';
import { reasonOf } from '../strings.ts';
import { Icon } from './icon.tsx';

/** Says when there is no connection, and what becomes of messages written meanwhile. Empty while all is well. */
export function ConnectionBanner({ className, ...rest }: ComponentPropsWithoutRef<'div'>) {
  const client = useClient();
  const connection = useConnection();
  const strings = useStrings();
  const [wasConnected, setWasConnected] = useState(false);
  useEffect(() => {
    if (connection.name === 'connected') setWasConnected(true);
  }, [connection]);

  const failed = connection.name === 'failed' ? connection.reason : null;
  const waiting =
    connection.name === 'waiting' || (connection.name === 'connecting' && (wasConnected || connection.attempt > 1));
  return (
    <div
      {...rest}
      className={classNames('parley parley-connection-banner', className)}
      data-state={connection.name}
      role="status"
      hidden={failed === null && !waiting}
    >
      {waiting && (
        <>
          <span className="parley-spinner" aria-hidden="true" />
          <span>{wasConnected ? strings.reconnecting : strings.connecting}</span>
        </>
      )}
      {failed !== null && (
        <>
          <Icon name="warning" />
          <span title={failed.message}>
            {strings.connectionFailed}. {reasonOf(failed, strings)}
          </span>
          <button className="parley-link-button" type="button" onClick={() => client.connect().catch(() => undefined)}>
            {strings.retry}
          </button>
        </>
      )}
    </div>
  );
}
