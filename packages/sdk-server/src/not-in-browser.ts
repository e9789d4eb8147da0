import { ParleyError } from '@parley/contracts';

/** The secret would be everybody's. @throws forbidden */
export function refuseBrowser(place: object = globalThis): void {
  if (!('window' in place && 'document' in place)) return;
  const cure = 'mint tokens in your back end and use @parley/sdk-js here';
  throw new ParleyError(
    'forbidden',
    `unable to use @parley/sdk-server in a browser; the secret would be public: ${cure}`,
  );
}
