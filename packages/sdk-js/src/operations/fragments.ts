const user = 'id name image role custom online lastActiveAt createdAt updatedAt deletedAt';
const messageBase =
  'id channelId seq kind user{...U} text attachments{id type url title mimeType size width height durationMs thumbnailUrl custom}' +
  ' mentionedUsers{...U} parentId replyCount reactionGroups{type count sumScores firstAt lastAt} custom createdAt editedAt deletedAt';

/** Selections that match the contracts' objects. A document that spreads one also spreads those that it builds on, which `withFragments` adds. */
const fragments = {
  U: { text: `fragment U on User{${user}}`, uses: [] },
  B: { text: `fragment B on Message{${messageBase}}`, uses: ['U'] },
  /** A message as events have it. */
  M: { text: 'fragment M on Message{...B quoted{...B}}', uses: ['B', 'U'] },
  /** A message as the viewer sees it. */
  V: { text: 'fragment V on Message{...M ownReactions{type user{...U} score createdAt}}', uses: ['M', 'B', 'U'] },
  P: { text: 'fragment P on Member{user{...U} role createdAt custom}', uses: ['U'] },
  C: {
    text: 'fragment C on Channel{id type key name image custom createdBy{...U} createdAt updatedAt lastMessageAt seq memberCount}',
    uses: ['U'],
  },
  W: {
    text: 'fragment W on ChannelViewer{membership{...P} capabilities readSeq unreadCount unreadMentions}',
    uses: ['P', 'U'],
  },
} as const;

type FragmentName = keyof typeof fragments;

/** The document with the fragments it uses. */
export function withFragments(document: string, ...names: readonly FragmentName[]): string {
  const all = new Set<FragmentName>(names);
  for (const name of names) for (const used of fragments[name].uses) all.add(used);
  return [document, ...Array.from(all, (name) => fragments[name].text)].join('\n');
}
