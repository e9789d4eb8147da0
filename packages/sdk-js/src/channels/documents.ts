import { withFragments } from '../operations/fragments.ts';

export const snapshotQuery = withFragments(
  'query Channel($id:ID!,$messages:Int!,$members:Int!){channel(id:$id){...C epoch viewer{...W} members(first:$members){nodes{...P}}' +
    ' messages(last:$messages){nodes{...V} pageInfo{hasPreviousPage startCursor}}}}',
  'C',
  'W',
  'P',
  'V',
);

export const viewerQuery = withFragments('query ChannelViewer($id:ID!){channel(id:$id){viewer{...W}}}', 'W');

/** No field of it depends on who asks, so that the server runs it once for all. */
export const eventsSubscription = withFragments(
  'subscription ChannelEvents($channelId:ID!,$after:Seq,$epoch:String){channelEvents(channelId:$channelId,after:$after,epoch:$epoch){__typename channelId at' +
    // Of every durable event, so that one that is younger than this SDK keeps its place in the log.
    ' ...on LoggedEvent{seq actor{...U}}' +
    ' ...on MessageCreated{message{...M}}' +
    ' ...on MessageUpdated{message{...M}}' +
    ' ...on MessageDeleted{hard message{...M}}' +
    ' ...on ReactionAdded{message{...M} reaction{type user{...U} score createdAt}}' +
    ' ...on ReactionRemoved{message{...M} reaction{type user{...U} score createdAt}}' +
    ' ...on MembersAdded{memberCount members{...P}}' +
    ' ...on MembersRemoved{memberCount userIds}' +
    ' ...on ChannelUpdated{channel{...C}}' +
    ' ...on ReadAdvanced{userId readSeq}' +
    ' ...on TypingChanged{user{...U} parentId typing}' +
    ' ...on ChannelSynced{seq epoch reads{__typename channelId at userId readSeq}}' +
    ' ...on ChannelReset{seq epoch}}}',
  'M',
  'P',
  'C',
);

const mutation = (name: string, input: string, selection: string): string =>
  `mutation ${name}($input:${input}!){${name}(input:$input)${selection}}`;

export const createChannelMutation = withFragments(mutation('createChannel', 'CreateChannelInput', '{...C}'), 'C');
export const updateChannelMutation = withFragments(mutation('updateChannel', 'UpdateChannelInput', '{...C}'), 'C');
export const deleteChannelMutation = mutation('deleteChannel', 'DeleteChannelInput', '{id}');
export const addMembersMutation = mutation('addMembers', 'AddMembersInput', '{id}');
export const removeMembersMutation = mutation('removeMembers', 'RemoveMembersInput', '{id}');
export const setTypingMutation = mutation('setTyping', 'SetTypingInput', '');
export const markReadMutation = mutation('markRead', 'MarkReadInput', '{readSeq unreadCount}');
