// Answers what Kubernetes' own cron library makes of schedules and time zones, one JSON question a line. It exists so
// that src/domain/schedule.ts is compared with the code that the API server and the controller-manager run.
package main

import (
	"bufio"
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"time"
	_ "time/tzdata"

	"github.com/robfig/cron/v3"
)

type question struct {
	Schedule string `json:"schedule"`
	TimeZone string `json:"timeZone"`
	// After is RFC 3339.
	After string `json:"after"`
	// Count is how many runs to list.
	Count int `json:"count"`
}

type answer struct {
	Accepted  bool     `json:"accepted"`
	KnownZone bool     `json:"knownZone"`
	Runs      []string `json:"runs"`
}

func parse(schedule string) (parsed cron.Schedule, ok bool) {
	defer func() {
		if recover() != nil {
			ok = false
		}
	}()
	parsed, err := cron.ParseStandard(schedule)
	return parsed, err == nil
}

// zones keeps what was loaded: reading the embedded database takes far longer than all the rest.
var zones = map[string]*time.Location{}

var zoneCharacters = regexp.MustCompile(`^[A-Za-z\.\-_0-9+]{1,14}$`)

// isZoneName is what the API server asks of a name before it loads the zone (validateTimeZone of its batch validation).
func isZoneName(name string) bool {
	for _, part := range strings.Split(name, "/") {
		if part == "." || part == ".." || strings.HasPrefix(part, "-") || !zoneCharacters.MatchString(part) {
			return false
		}
	}
	return !strings.EqualFold(name, "Local")
}

func load(name string) *time.Location {
	location, ok := zones[name]
	if !ok {
		if isZoneName(name) {
			location, _ = time.LoadLocation(name)
		}
		zones[name] = location
	}
	return location
}

func judge(asked question) answer {
	result := answer{Runs: []string{}}
	location := load(asked.TimeZone)
	result.KnownZone = location != nil
	schedule, ok := parse(asked.Schedule)
	result.Accepted = ok && !strings.Contains(asked.Schedule, "TZ")
	if !result.Accepted || !result.KnownZone {
		return result
	}
	at, err := time.Parse(time.RFC3339, asked.After)
	if err != nil {
		panic(err)
	}
	at = at.In(location)
	for len(result.Runs) < asked.Count {
		at = schedule.Next(at)
		if at.IsZero() {
			break
		}
		result.Runs = append(result.Runs, at.UTC().Format(time.RFC3339))
	}
	return result
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<20)
	out := json.NewEncoder(os.Stdout)
	for lines.Scan() {
		var asked question
		if err := json.Unmarshal(lines.Bytes(), &asked); err != nil {
			panic(err)
		}
		if err := out.Encode(judge(asked)); err != nil {
			panic(err)
		}
	}
}
