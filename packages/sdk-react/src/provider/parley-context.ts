import { ParleyError } from '@parley/contracts';
import type { Channel, Client } from '@parley/sdk-js';
import { createContext, useContext } from 'react';
import type { Dates } from '../format/dates.ts';
import type { Value } from '../lib/value.ts';
import type { Strings } from '../strings.ts';
import type { Draft, Drafts } from './drafts.ts';
import type { OnError } from './report.tsx';

export interface ParleyContextValue {
  readonly client: Client;
  readonly strings: Strings;
  readonly dates: Dates;
  readonly drafts: Drafts;
  /** Tells the host of a fault; never throws, and is the same for life. */
  readonly report: OnError;
}

export interface ChannelContextValue {
  readonly channel: Channel;
  readonly draft: Value<Draft>;
  /** Loads the channel anew after a failure. */
  readonly reload: () => void;
}

export const ParleyContext = createContext<ParleyContextValue | null>(null);
export const ChannelContext = createContext<ChannelContextValue | null>(null);

export function useParley(): ParleyContextValue {
  const value = useContext(ParleyContext);
  if (value !== null) return value;
  throw new ParleyError('invalid_input', 'unable to use a Parley hook here; wrap the component in <ParleyProvider>');
}

export function useChannelContext(): ChannelContextValue {
  const value = useContext(ChannelContext);
  if (value !== null) return value;
  throw new ParleyError(
    'invalid_input',
    'unable to use a channel hook here; wrap the component in <ChannelProvider id="…">',
  );
}

/** The words of the parts. */
export const useStrings = (): Strings => useParley().strings;
