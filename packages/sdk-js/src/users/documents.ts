import { withFragments } from '../operations/fragments.ts';

export const meQuery = withFragments('query Me{me{...U}}', 'U');
export const updateMeMutation = withFragments(
  'mutation updateMe($input:UpdateMeInput!){updateMe(input:$input){...U}}',
  'U',
);
export const usersQuery = withFragments(
  'query Users($filter:UserFilter,$sort:[UserSort!],$first:Int,$after:String){users(filter:$filter,sort:$sort,first:$first,after:$after){' +
    'nodes{...U} pageInfo{hasNextPage endCursor}}}',
  'U',
);
