/** How much goes on while the fault happens. */
export interface Sizes {
  readonly writers: number;
  readonly channels: number;
  readonly subscribers: number;
  /** Channels that one writer writes in, and one subscriber watches. */
  readonly channelsPerWriter: number;
  readonly channelsPerSubscriber: number;
  /** Of the subscribers, those that speak the protocol themselves instead of using the SDK. */
  readonly bareSubscribers: number;
  /** Operations of one writer in a second. */
  readonly pace: number;
}

/** 2 writers, 10 subscribers and 12 members a channel; about 40 operations and 500 deliveries a second. */
export const fullSizes: Sizes = {
  writers: 20,
  channels: 50,
  subscribers: 100,
  channelsPerWriter: 5,
  channelsPerSubscriber: 5,
  bareSubscribers: 30,
  pace: 2,
};

/** 2 writers and 6 subscribers a channel. */
export const shortSizes: Sizes = {
  writers: 4,
  channels: 6,
  subscribers: 12,
  channelsPerWriter: 3,
  channelsPerSubscriber: 3,
  bareSubscribers: 4,
  pace: 6,
};

/** Those who only must not hear of the others. */
export const neighbourSizes: Sizes = {
  writers: 1,
  channels: 2,
  subscribers: 2,
  channelsPerWriter: 2,
  channelsPerSubscriber: 2,
  bareSubscribers: 1,
  pace: 2,
};
