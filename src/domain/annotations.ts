// Annotations that carry a decision of ours or of a person. In one place, so that writer and reader cannot differ.

/** On the GPG Secret, beside a key that we made: its fingerprint. Outlives the ScheduledBackup's status. */
export const FINGERPRINT_ANNOTATION = "riotkit.org/gpg-fingerprint";

/**
 * On a ScheduledBackup, written by a person: the fingerprint of a lost key that may be replaced by a new one. Naming the
 * fingerprint makes it a consent to this loss, not to any later one.
 */
export const REPLACE_LOST_KEY_ANNOTATION = "riotkit.org/replace-lost-key";
