import { limits, ParleyError } from '@parley/contracts';
import { type DocumentNode, GraphQLError, Lexer, parse, Source, type Token, TokenKind } from 'graphql';

const openings = new Set<string>([TokenKind.BRACE_L, TokenKind.BRACKET_L, TokenKind.PAREN_L]);
const closings = new Set<string>([TokenKind.BRACE_R, TokenKind.BRACKET_R, TokenKind.PAREN_R]);
const strings = new Set<string>([TokenKind.STRING, TokenKind.BLOCK_STRING]);

/**
 * Parses the text of a GraphQL document.
 * @throws invalid_query, also for U+0000 in a text; query_too_complex when it has over `limits.queryTokens` tokens or nests over `limits.jsonDepth` levels
 */
export function parseDocument(text: string): DocumentNode {
  try {
    const source = new Source(text);
    checkTokens(source);
    return parse(source, { maxTokens: limits.queryTokens });
  } catch (cause) {
    if (!(cause instanceof GraphQLError)) throw cause;
    const [at] = cause.locations ?? [];
    const where = at === undefined ? '' : ` (line ${at.line}, column ${at.column})`;
    throw new ParleyError('invalid_query', `unable to parse the document; ${cause.message}${where}`, { cause });
  }
}

/** The parser, and what comes after it, recurse: all that they are given is bounded here, by their own lexer, which does not. */
function checkTokens(source: Source): void {
  const lexer = new Lexer(source);
  let depth = 0;
  let count = 0;
  for (let token = lexer.advance(); token.kind !== TokenKind.EOF; token = lexer.advance()) {
    count += 1;
    if (count > limits.queryTokens)
      throw tooComplex(
        `has over ${limits.queryTokens} tokens; ask for less, or in several requests`,
        limits.queryTokens,
      );
    if (openings.has(token.kind)) depth += 1;
    else if (closings.has(token.kind)) depth -= 1;
    else if (strings.has(token.kind) && token.value.includes('\0')) throw holdsNul(source, token);
    if (depth > limits.jsonDepth)
      throw tooComplex(
        `is nested over ${limits.jsonDepth} levels deep; send large values as variables`,
        limits.jsonDepth,
      );
  }
}

const tooComplex = (what: string, limit: number) =>
  new ParleyError('query_too_complex', `unable to run the document; it ${what}`, { limit });

const holdsNul = (source: Source, { line, column, start }: Token) =>
  new ParleyError(
    'invalid_query',
    `unable to parse the document; a text in it holds the character U+0000 (line ${line}, column ${column}): remove it`,
    { cause: new GraphQLError('a text holds U+0000', { source, positions: [start] }) },
  );
