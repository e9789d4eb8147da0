declare module 'vitest' {
  interface ProvidedContext {
    /** The superuser's connection string of the run's Postgres. */
    parleyPostgresUrl: string;
  }
}

export {};
