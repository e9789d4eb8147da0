import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ownValue } from '@parley/contracts';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
};

/** Everything the page runs comes from its own files; it talks to its own server alone, and no other page may frame it. */
const contentSecurityPolicy = (host: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data: https:",
    `connect-src 'self' ws://${host}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');

/** Answers GET and HEAD from `folder`; false when there is no such file. */
export function createStaticFiles(folder: string) {
  return async (request: IncomingMessage, response: ServerResponse, pathname: string): Promise<boolean> => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return false;
    const file = await find(folder, pathname);
    if (file === undefined) return false;
    response.writeHead(200, {
      'Content-Type': ownValue(types, extname(file.path)) ?? 'application/octet-stream',
      'Content-Length': file.size,
      // Names under assets/ hold a hash of the content.
      'Cache-Control': pathname.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
      'Content-Security-Policy': contentSecurityPolicy(request.headers.host ?? ''),
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
    });
    if (request.method === 'HEAD') response.end();
    // A reader that goes away in the middle is nobody's fault.
    else await pipeline(createReadStream(file.path), response).catch(() => response.destroy());
    return true;
  };
}

async function find(folder: string, pathname: string): Promise<{ path: string; size: number } | undefined> {
  const name = decode(pathname);
  if (name === undefined || name.includes('\0')) return undefined;
  const path = join(folder, name.endsWith('/') ? `${name}index.html` : name);
  // `..`, also in its encoded forms, leads out of the folder.
  if (!path.startsWith(folder.endsWith(sep) ? folder : folder + sep)) return undefined;
  const found = await stat(path).catch(() => undefined);
  return found?.isFile() ? { path, size: found.size } : undefined;
}

function decode(pathname: string): string | undefined {
  try {
    return decodeURIComponent(pathname);
  } catch {
    return undefined;
  }
}
