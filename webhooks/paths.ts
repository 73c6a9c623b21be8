// The URL paths of the admission calls, shared by the server that answers them and the registration that names them.
// Deletes have paths of their own because their webhooks are apart (see registration.ts), so that logs tell them apart.

export const MUTATE_PATH = "/mutate";
export const VALIDATE_PATH = "/validate";
export const VALIDATE_DELETE_PATH = "/validate-delete";
