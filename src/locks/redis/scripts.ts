// What Redis does in one step each, so that no other client can come in between. https://redis.io/docs/latest/commands/set/
// describes the pattern: a random token, and a release that compares it.

/**
 * KEYS[1] the lock, ARGV[1] our token, ARGV[2] its time to live in milliseconds. Answers -1 where we have it now, else the
 * milliseconds that it has left. A key that would stay for longer than any of ours (somebody set it by hand) is cut to
 * that: nothing may keep an object from being worked on for ever.
 */
export const ACQUIRE = `
if redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then return -1 end
local left = redis.call('PTTL', KEYS[1])
if left < 0 or left > tonumber(ARGV[2]) then
	redis.call('PEXPIRE', KEYS[1], ARGV[2])
	return tonumber(ARGV[2])
end
return left`;

/** KEYS[1], ARGV as above. Answers 1 where it was ours and lives on, else 0. */
export const RENEW = `
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
return 0`;

/** KEYS[1], ARGV[1] as above. Answers 1 where it was ours and is gone, else 0. */
export const RELEASE = `
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0`;
