/** The schema of pg-boss in PostgreSQL, of its own, so that its tables and those of the platform do not meet. */
export const jobSchema = 'parley_jobs';
