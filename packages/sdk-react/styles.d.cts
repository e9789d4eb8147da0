// The stylesheet is imported for its effect alone. Not a module, so that CommonJS and ES modules may both import it.
export {};
