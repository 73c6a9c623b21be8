/** A function that makes its value when it is first called, and gives the same one from then on. */
export const once = <T extends object>(make: () => T): (() => T) => {
	let made: T | undefined;
	return () => {
		made ??= make();
		return made;
	};
};
