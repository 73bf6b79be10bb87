/** The start cannot go on, and the message says to a person what is wrong and how to mend it. No stack is shown. */
export class CannotStart extends Error {}
