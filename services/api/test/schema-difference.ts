import type { GraphQLNamedType, GraphQLSchema } from 'graphql';
import { isEnumType, isInputObjectType, isInterfaceType, isObjectType } from 'graphql';

interface Typed {
  readonly name: string;
  readonly type: { toString(): string };
}

const listed = (fields: Record<string, Typed>): readonly Typed[] => Object.values(fields);

function compared(
  place: string,
  wanted: readonly Typed[],
  given: readonly Typed[],
  say: (name: string, type: string) => string,
): string[] {
  const types = new Map(given.map(({ name, type }) => [name, String(type)]));
  return wanted.flatMap(({ name, type }) => {
    const found = types.get(name);
    if (found === String(type)) return [];
    return [`${place}${say(name, String(type))}${found === undefined ? '' : ` (is ${found})`}`];
  });
}

function differences(given: GraphQLNamedType | undefined, wanted: GraphQLNamedType): string[] {
  const { name } = wanted;
  if (given === undefined) return [name];
  if (isEnumType(wanted)) {
    const values = isEnumType(given) ? given.getValues().map((value) => value.name) : [];
    return wanted.getValues().flatMap((value) => (values.includes(value.name) ? [] : [`${name}.${value.name}`]));
  }
  if (isInputObjectType(wanted)) {
    const fields = isInputObjectType(given) ? listed(given.getFields()) : [];
    return compared(`${name}.`, listed(wanted.getFields()), fields, (field, type) => `${field}: ${type}`);
  }
  if (!isObjectType(wanted) && !isInterfaceType(wanted)) return given.constructor === wanted.constructor ? [] : [name];
  if (!isObjectType(given) && !isInterfaceType(given)) return [name];
  const interfaces = given.getInterfaces().map((each) => each.name);
  const fields = given.getFields();
  return [
    ...wanted
      .getInterfaces()
      .flatMap((each) => (interfaces.includes(each.name) ? [] : [`${name} implements ${each.name}`])),
    ...Object.values(wanted.getFields()).flatMap((field) => [
      ...compared(`${name}.`, [field], listed(fields), (at, type) => `${at}: ${type}`),
      ...compared(
        `${name}.${field.name}`,
        field.args,
        fields[field.name]?.args ?? [],
        (at, type) => `(${at}: ${type})`,
      ),
    ]),
  ];
}

/** What `wanted` has and `given` lacks: types, fields, arguments, input fields, enum values and interfaces, with their exact types. */
export function missingFrom(given: GraphQLSchema, wanted: GraphQLSchema): string[] {
  return Object.values(wanted.getTypeMap())
    .filter((type) => !type.name.startsWith('__'))
    .flatMap((type) => differences(given.getType(type.name), type));
}
