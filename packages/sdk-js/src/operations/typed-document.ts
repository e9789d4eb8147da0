declare const types: unique symbol;

/** The text of a GraphQL document that knows the types of its data and its variables. At run time it is nothing but the text. */
export type TypedDocument<Data, Variables> = string & { readonly [types]?: (variables: Variables) => Data };
