import type { Member } from '@parley/contracts';
import { useStrings } from '../provider/parley-context.ts';
import { nameOf } from '../strings.ts';
import { Avatar } from './avatar.tsx';

const shownMembers = 4;

/** The first few members of a group, each with a dot while they are online. */
export function MemberStack({ members }: { readonly members: readonly Member[] }) {
  const strings = useStrings();
  return (
    <span className="parley-member-stack">
      {members.slice(0, shownMembers).map(({ user }) => {
        const name = nameOf(user, strings);
        return (
          <Avatar
            key={user.id}
            name={name}
            image={user.image}
            seed={user.id}
            size="small"
            presenceOf={user.id}
            title={name}
          />
        );
      })}
    </span>
  );
}
