export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };
/** Custom data: at most 5 KiB as UTF-8 JSON. */
export type JsonObject = { readonly [key: string]: JsonValue };
