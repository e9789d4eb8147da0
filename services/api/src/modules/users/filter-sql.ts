import type { Bind } from '../../platform/filter-conditions.ts';
import {
  beginsWithText,
  every,
  fold,
  holdsText,
  idCondition,
  said,
  some,
  stringCondition,
  unlessFoldedAway,
} from '../../platform/filter-conditions.ts';
import type { UserFilter } from './service.ts';

/** A condition on the row of `users` with this alias; never null. The filter's limits were checked before. */
export function userFilterSql(filter: UserFilter, alias: string, bind: Bind): string {
  const parts: string[] = [];
  if (filter.and) parts.push(every(filter.and.map((part) => userFilterSql(part, alias, bind))));
  if (filter.or) parts.push(some(filter.or.map((part) => userFilterSql(part, alias, bind))));
  if (filter.id) parts.push(idCondition(filter.id, `${alias}.user_id`, bind));
  if (filter.name) parts.push(stringCondition(filter.name, `${alias}.name`, bind, `${alias}.name_folded`));
  if (said(filter.search)) {
    const search = filter.search.trim();
    const text = bind(search);
    const found = some([holdsText(`${alias}.name_folded`, text), beginsWithText(fold(`${alias}.user_id`), text)]);
    parts.push(unlessFoldedAway(search, found));
  }
  if (filter.role) parts.push(stringCondition(filter.role, `${alias}.role`, bind));
  if (said(filter.online)) parts.push(`${isOnlineSql(alias)} = ${bind(filter.online)}::boolean`);
  return every(parts);
}

/** Whether the user of this row holds a lease that has not run out. */
const isOnlineSql = (alias: string) =>
  `EXISTS (SELECT 1 FROM presence_leases l WHERE l.app_id = ${alias}.app_id AND l.user_id = ${alias}.user_id AND l.expires_at > now())`;
