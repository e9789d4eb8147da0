import { withFragments } from '../operations/fragments.ts';

export const channelsQuery = withFragments(
  'query Channels($filter:ChannelFilter,$sort:[ChannelSort!],$first:Int!,$after:String,$members:Int!){' +
    'channels(filter:$filter,sort:$sort,first:$first,after:$after){' +
    'nodes{...C viewer{...W} members(first:$members){nodes{...P}} messages(last:1){nodes{...M}}} pageInfo{hasNextPage endCursor}}}',
  'C',
  'W',
  'P',
  'M',
);
