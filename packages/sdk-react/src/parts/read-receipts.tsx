import type { ComponentPropsWithoutRef } from 'react';
import { useMembers } from '../hooks/use-members.ts';
import { classNames } from '../lib/class-names.ts';
import { useStrings } from '../provider/parley-context.ts';
import { nameOf } from '../strings.ts';
import type { Receipt } from '../timeline/receipts.ts';
import { Avatar } from './avatar.tsx';
import { Icon } from './icon.tsx';

export interface ReceiptTicksProps extends ComponentPropsWithoutRef<'span'> {
  readonly receipt: Receipt;
}

/** The state of an own message: a clock, one tick, two ticks. */
export function ReceiptTicks({ receipt, className, ...rest }: ReceiptTicksProps) {
  const strings = useStrings();
  const words = { sending: strings.sending, sent: strings.sent, read: strings.read, failed: strings.notSent }[receipt];
  return (
    <span
      {...rest}
      className={classNames('parley parley-ticks', className)}
      data-receipt={receipt}
      role="img"
      aria-label={words}
    >
      {receipt === 'sending' && <Icon name="clock" />}
      {receipt === 'failed' && <Icon name="warning" />}
      {(receipt === 'sent' || receipt === 'read') && <Icon name="check" />}
      {receipt === 'read' && <Icon name="check" />}
    </span>
  );
}

export interface ReadReceiptsProps extends ComponentPropsWithoutRef<'div'> {
  /** Ids of those who have read up to this message and no further. */
  readonly readers: readonly string[];
}

const shownReaders = 5;

/** Small pictures of the readers up to here. */
export function ReadReceipts({ readers, className, ...rest }: ReadReceiptsProps) {
  const strings = useStrings();
  const members = useMembers();
  if (readers.length === 0) return null;
  const people = readers.map(
    (id) => members.find(({ user }) => user.id === id)?.user ?? { id, name: null, image: null, deletedAt: null },
  );
  const words = strings.readBy(people.map((user) => nameOf(user, strings)));
  return (
    <div
      {...rest}
      className={classNames('parley parley-readers', className)}
      role="img"
      aria-label={words}
      title={words}
    >
      {people.slice(0, shownReaders).map((user) => (
        <Avatar key={user.id} name={nameOf(user, strings)} image={user.image} seed={user.id} size="xs" />
      ))}
      {people.length > shownReaders && <span className="parley-readers-more">+{people.length - shownReaders}</span>}
    </div>
  );
}
