import type { IncomingMessage, ServerResponse } from 'node:http';
import type { OperatorAccess } from '@parley/service-kit';
import type { Doctor, DoctorReport } from './doctor.ts';
import { describeReport } from './doctor-text.ts';

const always = { 'cache-control': 'no-store', vary: 'accept', 'x-content-type-options': 'nosniff' };

export interface DoctorEndpointDeps {
  readonly doctor: Doctor;
  readonly operators: OperatorAccess;
}

/** Answers GET and HEAD of /doctor to operators: 200 when all is well, 503 when not; JSON, or text for people who ask for it. Says whether it did. */
export function answerDoctor(
  { doctor, operators }: DoctorEndpointDeps,
  request: IncomingMessage,
  response: ServerResponse,
): boolean {
  const path = (request.url ?? '').split('?', 1)[0];
  if (path !== '/doctor' || (request.method !== 'GET' && request.method !== 'HEAD')) return false;
  if (operators.refuse(request, response)) return true;
  const asText = request.headers.accept?.trimStart().toLowerCase().startsWith('text/plain') === true;
  const send = (report: DoctorReport) => {
    const type = `${asText ? 'text/plain' : 'application/json'}; charset=utf-8`;
    response.writeHead(report.ok ? 200 : 503, { ...always, 'content-type': type });
    response.end(request.method === 'HEAD' ? undefined : asText ? describeReport(report) : JSON.stringify(report));
  };
  doctor
    .examine()
    .then(send, () => response.writeHead(500, always).end())
    .catch(() => response.destroy());
  return true;
}
