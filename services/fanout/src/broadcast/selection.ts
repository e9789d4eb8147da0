import { ParleyError } from '@parley/contracts';
import { type GraphQLSchema, getArgumentValues, getVariableValues } from 'graphql';
import { canonicalJson } from './canonical-json.ts';
import type { SubscriptionOperation } from './subscription-operation.ts';

/** What one subscriber wants to see of each event. Subscribers with the same `group` get the same bytes. */
export interface Selection {
  readonly operation: SubscriptionOperation;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly group: string;
}

/** The selection, and the arguments of its root field. @throws invalid_input when the variables do not fit */
export function select(
  schema: GraphQLSchema,
  operation: SubscriptionOperation,
  variables: Readonly<Record<string, unknown>>,
  viewerId: string | null,
): { readonly selection: Selection; readonly args: Readonly<Record<string, unknown>> } {
  const coerced = getVariableValues(schema, operation.definition.variableDefinitions ?? [], variables, {
    maxErrors: 10,
  });
  if (coerced.errors !== undefined)
    throw new ParleyError(
      'invalid_input',
      `unable to accept the variables; ${coerced.errors.map(({ message }) => message).join(' ')}`,
      {
        field: 'variables',
      },
    );
  const field = schema.getSubscriptionType()?.getFields()[operation.field.name.value];
  if (field === undefined) throw new ParleyError('invalid_query', 'unable to subscribe; there is no such subscription');
  const args = getArgumentValues(field, operation.field, coerced.coerced);
  const used = operation.payloadVariables.map((name) => coerced.coerced[name]);
  const group = `${operation.key} ${canonicalJson(used)} ${operation.viewerScoped ? (viewerId ?? '') : '*'}`;
  return { selection: { operation, variables, group }, args };
}
