import type { JsonObject } from '@parley/contracts';
import SchemaBuilder from '@pothos/core';
import type { GraphqlContext } from './context.ts';

/** The schema's builder; it holds no types of its own. What each type is, its module says. */
export const builder = new SchemaBuilder<{
  Context: GraphqlContext;
  DefaultFieldNullability: false;
  Scalars: {
    ID: { Input: string; Output: string };
    DateTime: { Input: string; Output: string };
    JSONObject: { Input: JsonObject; Output: JsonObject };
    Seq: { Input: number; Output: number };
  };
}>({ defaultFieldNullability: false });
