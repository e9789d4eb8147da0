import { ownValue } from '@parley/contracts';
import {
  type GraphQLNamedType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isSpecifiedDirective,
  isSpecifiedScalarType,
} from 'graphql';
import { appDescriptions } from './app.ts';
import { channelDescriptions } from './channels.ts';
import { eventDescriptions } from './events.ts';
import { filterDescriptions } from './filters.ts';
import { messageDescriptions } from './messages.ts';
import { userDescriptions } from './users.ts';

/** Sentences of elements that have none where they are defined: `Type`, `Type.field`, `Type.field(argument)`. */
export const descriptions: ReadonlyMap<string, string> = new Map(
  [
    appDescriptions,
    channelDescriptions,
    eventDescriptions,
    filterDescriptions,
    messageDescriptions,
    userDescriptions,
  ].flatMap((sentences) => Object.entries(sentences)),
);

/** What every page of a list has. https://relay.dev/graphql/connections.htm */
const ofPages: ReadonlyMap<string, string> = new Map([
  ['edges', 'The items, each with its cursor.'],
  ['nodes', 'The items.'],
  ['pageInfo', 'Whether there are more items, and the cursors to ask for them.'],
  ['cursor', 'Place of the item in the list: pass it as `after` or `before`.'],
  ['node', 'The item.'],
]);

/** Arguments that mean the same wherever they are. */
const ofArguments: ReadonlyMap<string, string> = new Map([
  ['after', 'A cursor: the page begins behind it.'],
  ['around', 'Id of a message: the page holds it and its neighbours.'],
  [
    'aroundSeq',
    "Position in the channel's log: the page holds the first message from there on and its neighbours. `readSeq` of the viewer plus 1 is where reading stopped.",
  ],
  ['before', 'A cursor: the page ends in front of it.'],
  ['filter', 'Which items; without it, all of them.'],
  ['first', 'Length of the page from its beginning, 1 to 100. Default: 25.'],
  ['input', 'What to change, and to what.'],
  ['last', 'Length of the page from its end, 1 to 100.'],
  ['sort', 'Order of the items, by up to three fields.'],
]);

interface Element {
  /** As in {@link descriptions}. */
  readonly key: string;
  readonly description: string | null | undefined;
  /** What it is called when nothing was written for it. */
  readonly usual: string | undefined;
  describe(sentence: string): void;
}

/** Describes every element that says nothing of itself. Changes the schema and gives it back. */
export function describeSchema(schema: GraphQLSchema): GraphQLSchema {
  for (const { key, description, usual, describe } of elementsOf(schema)) {
    const sentence = description ?? descriptions.get(key) ?? usual;
    if (sentence !== undefined) describe(sentence);
  }
  return schema;
}

/** Every element that a description may stand at; interfaces come before the types that have their fields. */
export function elementsOf(schema: GraphQLSchema): readonly Element[] {
  const types = Object.values(schema.getTypeMap()).filter(
    (type) => !type.name.startsWith('__') && !isSpecifiedScalarType(type),
  );
  const interfaces = types.filter(isInterfaceType).sort((a, b) => a.getInterfaces().length - b.getInterfaces().length);
  const ordered = [...interfaces, ...types.filter((type) => !isInterfaceType(type))];
  const directives = schema.getDirectives().filter((directive) => !isSpecifiedDirective(directive));
  return [
    ...ordered.flatMap((type) => [element(type.name, type), ...partsOf(type)]),
    ...directives.map((directive) => element(`@${directive.name}`, directive)),
  ];
}

function partsOf(type: GraphQLNamedType): readonly Element[] {
  if (isEnumType(type)) return type.getValues().map((value) => element(`${type.name}.${value.name}`, value));
  if (isInputObjectType(type))
    return Object.values(type.getFields()).map((field) => element(`${type.name}.${field.name}`, field));
  if (!isObjectType(type) && !isInterfaceType(type)) return [];
  const isPage = /(?:Connection|Edge)$/.test(type.name);
  return Object.values(type.getFields()).flatMap((field) => {
    const key = `${type.name}.${field.name}`;
    // Looked up late: the interface is described first.
    const usual = () => (isPage ? ofPages.get(field.name) : inherited(type.getInterfaces(), field.name));
    return [
      element(key, field, usual),
      ...field.args.map((argument) =>
        element(`${key}(${argument.name})`, argument, () => ofArguments.get(argument.name)),
      ),
    ];
  });
}

type Interfaces = readonly {
  getFields(): Readonly<Record<string, { readonly description?: string | null | undefined }>>;
}[];

const inherited = (interfaces: Interfaces, field: string): string | undefined =>
  interfaces
    .map((each) => ownValue(each.getFields(), field)?.description ?? undefined)
    .find((found) => found !== undefined);

interface Describable {
  description?: string | null | undefined;
}

function element(key: string, target: Describable, usual: () => string | undefined = () => undefined): Element {
  return {
    key,
    get description() {
      return target.description;
    },
    get usual() {
      return usual();
    },
    describe(sentence) {
      target.description = sentence;
    },
  };
}
