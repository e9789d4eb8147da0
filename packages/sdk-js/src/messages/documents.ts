import { withFragments } from '../operations/fragments.ts';

const mutation = (name: string, input: string): string =>
  withFragments(`mutation ${name}($input:${input}!){${name}(input:$input){...V}}`, 'V');

export const olderQuery = withFragments(
  'query OlderMessages($id:ID!,$last:Int,$before:String,$around:ID){channel(id:$id){messages(last:$last,before:$before,around:$around){nodes{...V}' +
    ' pageInfo{hasPreviousPage startCursor}}}}',
  'V',
);
export const sendMutation = mutation('sendMessage', 'SendMessageInput');
export const editMutation = mutation('updateMessage', 'UpdateMessageInput');
export const deleteMutation = mutation('deleteMessage', 'DeleteMessageInput');
export const reactMutation = mutation('addReaction', 'AddReactionInput');
export const unreactMutation = mutation('removeReaction', 'RemoveReactionInput');
