import { ApolloClient, ApolloLink, gql, InMemoryCache } from '@apollo/client';
import { RetryLink } from '@apollo/client/link/retry';
import { concat, of, throwError } from 'rxjs';
import { expect, test, vi } from 'vitest';
import { resumeLink } from './apollo.ts';

const query = gql('subscription { channelEvents(channelId: "messaging:a") { __typename } }');
const created = (seq: number) => ({ data: { channelEvents: { __typename: 'MessageCreated', seq } } });

test('what RetryLink tries again goes on where it was', async () => {
  const positions: unknown[] = [];
  const answers = [
    concat(
      of(created(4), created(5)),
      throwError(() => new Error('unavailable')),
    ),
    of(created(5), created(6)),
  ];
  const server = new ApolloLink(({ variables }) => {
    positions.push(variables['parley_after']);
    return answers.shift() ?? of();
  });
  const retry = new RetryLink({ delay: { initial: 1 } });
  const client = new ApolloClient({ cache: new InMemoryCache(), link: ApolloLink.from([retry, resumeLink(), server]) });
  const seqs: unknown[] = [];
  client
    .subscribe<{ channelEvents: { seq: number } }>({ query, fetchPolicy: 'no-cache' })
    .subscribe(({ data }) => seqs.push(data?.channelEvents.seq));
  await vi.waitFor(() => expect(seqs).toEqual([4, 5, 6]));
  expect(positions).toEqual([undefined, 5]);
});

test('queries pass as they are', async () => {
  const plain = gql('query Me { me { id } }');
  const seen: unknown[] = [];
  const server = new ApolloLink((operation) => {
    seen.push(operation.query);
    return of({ data: { me: { __typename: 'User', id: 'ada' } } });
  });
  const client = new ApolloClient({ cache: new InMemoryCache(), link: resumeLink().concat(server) });
  await client.query({ query: plain, fetchPolicy: 'no-cache' });
  const [document] = seen;
  expect(document).toEqual(client.documentTransform.transformDocument(plain));
});
