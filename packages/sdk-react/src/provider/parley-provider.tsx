import { type Client, type ClientOptions, createClient } from '@parley/sdk-js';
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import { createDates } from '../format/dates.ts';
import { isolating } from '../format/isolating.ts';
import { english, type Strings } from '../strings.ts';
import { createDrafts } from './drafts.ts';
import { ParleyContext } from './parley-context.ts';
import { type OnError, useReport } from './report.tsx';

/** The look of everything below a provider, and the listener for errors in it. */
export interface Presentation {
  /** Words that replace the English ones. Keep the object stable between renders. */
  readonly strings?: Partial<Strings> | undefined;
  /** BCP 47 language tag for dates and times; default: the browser's. */
  readonly locale?: string | undefined;
  /** Hears of errors that were thrown while a message, a conversation or a list was shown. */
  readonly onError?: OnError | undefined;
  readonly children?: ReactNode;
}

/**
 * Either a client of your own, whose life is yours, or the options to make one, which then lives as long as the provider shows the same person. Another
 * `userId` is another client at once, and nothing of the one before stays below the provider.
 */
export type ParleyConnection =
  | { readonly client: Client; readonly userId?: undefined }
  | {
      readonly client?: undefined;
      readonly url: string;
      readonly userId?: string | undefined;
      readonly token: string;
      readonly getToken?: undefined;
    }
  | {
      readonly client?: undefined;
      readonly url: string;
      /** Whose messenger it is. Required here: a token source is another function in each render, so nothing else says that the person changed. */
      readonly userId: string;
      readonly token?: undefined;
      readonly getToken: () => string | Promise<string>;
    };

export type ParleyProviderProps = ParleyConnection & Presentation;

/** Gives a client to every hook and part below it. */
export function ParleyProvider({ strings, locale, onError, children, ...connection }: ParleyProviderProps) {
  const presentation = { strings, locale, onError, children };
  if (connection.client !== undefined) return <Given client={connection.client} {...presentation} />;
  // Another address, person or token is another client. A token source is one for life: an inline function is new in every render.
  const key = JSON.stringify([connection.url, connection.userId, connection.token]);
  return <Owned key={key} connection={connection} {...presentation} />;
}

/** Another client may be another person's: a key makes everything below it new, in the render that brings it. */
function Given({ client, ...presentation }: { readonly client: Client } & Presentation) {
  const [given, setGiven] = useState({ client, key: 0 });
  if (given.client === client) return <Provided key={given.key} client={client} {...presentation} />;
  // React renders again at once with it, and shows nothing of this attempt (https://react.dev/reference/react/useState#storing-information-from-previous-renders).
  setGiven({ client, key: given.key + 1 });
  return null;
}

type OwnConnection = Exclude<ParleyConnection, { readonly client: Client }>;

function Owned({ connection, ...presentation }: { readonly connection: OwnConnection } & Presentation) {
  const latest = useRef(connection);
  useEffect(() => {
    latest.current = connection;
  });
  const [client] = useState(() => createClient(optionsOf(connection, () => latest.current)));
  const stop = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => {
    clearTimeout(stop.current);
    return () => {
      // StrictMode unmounts and mounts again at once; a socket closed for that would be opened a second time.
      stop.current = setTimeout(() => client.disconnect(), 0);
    };
  }, [client]);
  return <Provided client={client} {...presentation} />;
}

function optionsOf(connection: OwnConnection, latest: () => OwnConnection): ClientOptions {
  const { url, userId } = connection;
  if (connection.token !== undefined) return { url, userId, token: connection.token };
  const first = connection.getToken;
  return { url, userId, getToken: () => (latest().getToken ?? first)() };
}

function Provided({ client, strings, locale, onError, children }: { readonly client: Client } & Presentation) {
  const [drafts] = useState(createDrafts);
  const dates = useMemo(() => createDates(locale), [locale]);
  const words = useMemo(() => isolating({ ...english, ...strings }), [strings]);
  const report = useReport(onError);
  const value = useMemo(
    () => ({ client, strings: words, dates, drafts, report }),
    [client, words, dates, drafts, report],
  );
  return <ParleyContext.Provider value={value}>{children}</ParleyContext.Provider>;
}
