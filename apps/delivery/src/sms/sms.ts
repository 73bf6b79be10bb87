/** A text to the storekeeper of a place. `key` makes a repeated call the same message. */
export type Message = {
  readonly key: string;
  readonly partyId: string;
  readonly placeId: string;
  /** E.164; unknown where nobody recorded one. */
  readonly phone?: string;
  readonly text: string;
  /** The one-time code inside the text and what it is for, so that the simulator need not read the text. */
  readonly code?: string;
  readonly shipmentId?: string;
};

/** The port to a text message gateway. A class because Nest needs a token. */
export abstract class Sms {
  /** Whether a message to this contact can be sent at all. */
  abstract reaches(contact: { readonly phone?: string }): boolean;
  /** Hands the message over; throws when the gateway does not take it. The same key twice is one message. */
  abstract send(message: Message): Promise<void>;
  /** The same for many; throws when one of them was not taken. */
  abstract sendMany(messages: readonly Message[]): Promise<void>;
}
