/** Where a platform on this machine is reached. */
export interface Addresses {
  readonly url: string;
  readonly graphqlUrl: string;
  readonly subscriptionsUrl: string;
  readonly demoUrl: string;
}

export function addressesOf({ port }: { readonly port: number }): Addresses {
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    graphqlUrl: `${url}/graphql`,
    subscriptionsUrl: `ws://127.0.0.1:${port}/graphql`,
    demoUrl: `${url}/?user=ada`,
  };
}
