/** Where the server's own remarks go; a pino logger fits. */
export interface LocalPostgresLogger {
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

export const silentLogger: LocalPostgresLogger = {
  info() {},
  warn() {},
  error() {},
};
