import type { ServerResponse } from 'node:http';

const always = { 'X-Content-Type-Options': 'nosniff', 'Cache-Control': 'no-store' };

/** Ends a response with a sentence. */
export function answerText(response: ServerResponse, status: number, sentence: string): void {
  response.writeHead(status, { ...always, 'Content-Type': 'text/plain; charset=utf-8' }).end(`${sentence}\n`);
}

/** Ends a response with JSON. */
export function answerJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { ...always, 'Content-Type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify(value));
}
