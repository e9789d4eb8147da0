import { builder } from '../../graphql/builder.ts';
import { NodeRef } from '../../graphql/node.ts';

builder.queryFields((t) => ({
  node: t.field({
    description: 'The user, channel or message of this id, or null when there is none or the viewer may not read it.',
    type: NodeRef,
    nullable: true,
    args: { id: t.arg.id({ required: true, description: 'Id of a user, a channel or a message.' }) },
    resolve: async (_root, { id }, { actor, nodes }) => (await nodes.byIds(actor, [id]))[0] ?? null,
  }),
  nodes: t.field({
    description:
      'As `node`, for up to 100 ids, in their order; null in the place of each that there is not or that the viewer may not read.',
    type: [NodeRef],
    nullable: { list: false, items: true },
    args: { ids: t.arg.idList({ required: true, description: 'Up to 100 ids of users, channels and messages.' }) },
    resolve: async (_root, { ids }, { actor, answer, nodes }) => answer.sliced(await nodes.byIds(actor, ids)),
  }),
}));
