/** A table of codes: each with the names of the values that its sentence is filled with. */
export type ParamNames = Readonly<Record<string, readonly string[]>>;
