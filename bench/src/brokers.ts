import { readFileSync } from 'node:fs';
import { findProgram } from '@parley/local-nats';
import type { Speech } from './clients.child.ts';
import { type Daemon, startDaemon } from './daemon.ts';
import { mucHost, userHost } from './xmpp-dialect.ts';

/** A server that is measured where it is installed. */
export interface Broker {
  readonly name: string;
  readonly speech: Speech;
  /** Whether it does not keep the pace of the others. */
  readonly isSlow: boolean;
  /** What starts it; absent where it is not installed. */
  readonly start: (() => Promise<Daemon>) | undefined;
}

/**
 * What the configuration that Debian 12 ships turns on, in 23.01-1 and 0.12.3-1. The lists are kept here since only the servers' own users may read those
 * files, and an administrator may have changed them. Neither archives what is said in a room.
 */
const shippedModules = {
  ejabberd:
    'adhoc admin_extra announce avatar blocking bosh caps carboncopy client_state configure disco fail2ban http_api last mqtt muc_admin offline ping ' +
    'pres_counter privacy private push push_keepalive roster s2s_dialback shared_roster sic stream_mgmt stun_disco vcard vcard_xupdate version',
  prosody:
    'disco roster saslauth tls blocklist bookmarks carbons dialback limits pep private smacks vcard4 vcard_legacy csi_simple invites invites_adhoc ' +
    'invites_register ping register time uptime version admin_adhoc admin_shell posix',
};

/**
 * Debian's servers, those of XMPP with the modules that their packages turn on and a room added. For the bench alone: anonymous log-ins, no TLS, no history,
 * no limits of pace, no log. Who enters a room is announced to nobody: 1,000 would hear of 1,000.
 */
export const brokers = (): readonly Broker[] => [
  { name: 'mosquitto', speech: 'mqtt', isSlow: false, start: mosquitto() },
  { name: 'ejabberd', speech: 'xmpp', isSlow: false, start: ejabberd() },
  { name: 'Prosody', speech: 'xmpp', isSlow: true, start: prosody() },
];

const listed = (names: string, line: (name: string) => string): string => names.split(' ').map(line).join('');

function mosquitto(): Broker['start'] {
  const program = findProgram('mosquitto');
  if (program === undefined) return undefined;
  const configure = (port: number) =>
    `listener ${port} 127.0.0.1\nallow_anonymous true\nset_tcp_nodelay true\nlog_type error\nuser root\n`;
  return () =>
    startDaemon({
      name: 'mosquitto',
      configName: 'mosquitto.conf',
      configure,
      command: (config) => [program, '-c', config],
    });
}

/** Started without its script, which only root may run, and which would leave a port mapper of Erlang behind. */
function ejabberd(): Broker['start'] {
  const script = findProgram('ejabberdctl');
  const erl = findProgram('erl');
  if (script === undefined || erl === undefined) return undefined;
  const [, libraries = ''] = /^ERL_LIBS='(.+)'$/m.exec(readFileSync(script, 'utf8')) ?? [];
  const configure = (port: number) => `
hosts: [${userHost}]
loglevel: none
listen: [{port: ${port}, ip: 127.0.0.1, module: ejabberd_c2s, shaper: none, backlog: 128}]
auth_method: anonymous
anonymous_protocol: sasl_anon
modules:
  mod_pubsub: {plugins: [flat, pep]}
  mod_muc:
    host: ${mucHost}
    history_size: 0
    max_users: 5000
    default_room_options: {max_users: 5000, presence_broadcast: []}
${listed(shippedModules.ejabberd, (name) => `  mod_${name}: {}\n`)}`;
  return () =>
    startDaemon({
      name: 'ejabberd',
      configName: 'ejabberd.yml',
      configure,
      // The package's `+K` and `+P`. What its schedulers spin while they wait for work is not the cost of a delivery.
      command: (_, folder) => [
        ...[erl, '+K', 'true', '+sbwt', 'none', '+sbwtdcpu', 'none', '+sbwtdio', 'none', '+P', '250000'],
        ...['-noinput', '-mnesia', 'dir', `"${folder}/mnesia"`, '-s', 'ejabberd'],
      ],
      env: (config, folder) => ({
        ERL_LIBS: libraries,
        EJABBERD_CONFIG_PATH: config,
        EJABBERD_LOG_PATH: `${folder}/ejabberd.log`,
      }),
    });
}

function prosody(): Broker['start'] {
  const program = findProgram('prosody');
  if (program === undefined) return undefined;
  const configure = (port: number, folder: string) => `
run_as_root = true
data_path = "${folder}"
log = { error = "${folder}/prosody.err" }
storage = "memory"
interfaces = { "127.0.0.1" }
c2s_ports = { ${port} }
c2s_require_encryption = false
s2s_ports = {}
modules_enabled = { ${listed(shippedModules.prosody, (name) => `"${name}"; `)}}
VirtualHost "${userHost}"
  authentication = "anonymous"
Component "${mucHost}" "muc"
  muc_room_locking = false
  max_history_messages = 0
  muc_room_default_presence_broadcast = { visitor = false, participant = false, moderator = false }
`;
  return () =>
    startDaemon({
      name: 'prosody',
      configName: 'prosody.cfg.lua',
      configure,
      command: (config) => [program, '--config', config, '-F'],
    });
}
