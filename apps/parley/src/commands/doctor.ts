import type { Command } from '../command.ts';
import { parseDoctorOptions } from './doctor-options.ts';

const help = `Usage: parley doctor [url] [--token <token>] [--operator-token <token>] [--json]

Looks at a running platform from outside: name, health pages, GET /doctor (one probe from publisher to client), a real WebSocket. Says which part
fails first and what to do, and exits with 1 when one does.

  url                       where the platform is (http://127.0.0.1:4000)

Options
  --token <token>           a user's token: subscribe with it for real
  --operator-token <token>  OPERATOR_TOKEN of the fan-out nodes, which GET /doctor asks for
  --json                    print the report as one line of JSON
`;

/** `parley doctor`. */
export const doctorCommand: Command = {
  name: 'doctor',
  summary: 'find out what is wrong with a running platform',
  help,
  async run(args, { stdout }) {
    const options = parseDoctorOptions(args);
    const [{ examine }, { describeExamination }] = await Promise.all([
      import('../doctor/examine.ts'),
      import('../doctor/describe-examination.ts'),
    ]);
    const examination = await examine(options);
    stdout.write(options.json ? `${JSON.stringify(examination)}\n` : describeExamination(examination));
    return examination.ok ? 0 : 1;
  },
};
