import type { Tenant } from './tenant.ts';

/** Where clients go; a client keeps to one place, as behind one balancer. */
export interface Place {
  /** `http://…/graphql`. */
  readonly url: string;
  /** `ws://…/graphql`. */
  readonly subscriptionsUrl: string;
}

/** A platform that can be broken. What a fault may break depends on the kind of world it asks for. */
export interface World {
  readonly kind: 'inside' | 'processes';
  readonly places: readonly Place[];
  readonly databaseUrl: string;
  /** A fresh app. */
  tenant(): Promise<Tenant>;
  close(): Promise<void>;
}
