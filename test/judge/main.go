// Program judge is what Go templates are measured against: Go's own text/template.
//
// It reads one JSON object a line, {"name": …, "template": …, "data": …}, and answers each with one line, {"output": …} or
// {"error": …}; with "strict": true it also refuses what our engine refuses on purpose (strict.go). Integers are decoded as int64, fractions as float64, maps as map[string]any; a missing key is an error.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"text/template"
	"time"
)

type question struct {
	Name     string          `json:"name"`
	Template string          `json:"template"`
	Data     json.RawMessage `json:"data"`
	Strict   bool            `json:"strict"`
}

type answer struct {
	Output *string `json:"output,omitempty"`
	Error  string  `json:"error,omitempty"`
}

func main() {
	input := bufio.NewReaderSize(os.Stdin, 1<<20)
	output := bufio.NewWriter(os.Stdout)
	encoder := json.NewEncoder(output)
	for {
		line, err := input.ReadBytes('\n')
		if err != nil {
			return
		}
		// A template may loop for ever: then the test that asked must fail, and nothing must be left running.
		watchdog := time.AfterFunc(30*time.Second, func() { os.Exit(1) })
		verdict := judge(line)
		watchdog.Stop()
		if err := encoder.Encode(verdict); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		output.Flush()
	}
}

func judge(line []byte) answer {
	var asked question
	if err := json.Unmarshal(line, &asked); err != nil {
		return answer{Error: "judge: " + err.Error()}
	}
	data, err := decode(asked.Data)
	if err != nil {
		return answer{Error: "judge: " + err.Error()}
	}
	functions := helpers
	if asked.Strict {
		functions = strictFunctions()
	}
	parsed, err := template.New(asked.Name).Option("missingkey=error").Funcs(functions).Parse(asked.Template)
	if err == nil && asked.Strict {
		err = makeStrict(parsed)
	}
	if err != nil {
		return answer{Error: err.Error()}
	}
	var text strings.Builder
	if err := parsed.Execute(&text, data); err != nil {
		return answer{Error: err.Error()}
	}
	result := text.String()
	return answer{Output: &result}
}

func decode(raw json.RawMessage) (any, error) {
	decoder := json.NewDecoder(strings.NewReader(string(raw)))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return nil, err
	}
	return typed(value)
}

// typed gives numbers their Go types. Lists are clipped: what append left behind them is no part of the data.
func typed(value any) (any, error) {
	var err error
	switch value := value.(type) {
	case json.Number:
		if strings.ContainsAny(value.String(), ".eE") {
			return value.Float64()
		}
		return value.Int64()
	case []any:
		for index, element := range value {
			if value[index], err = typed(element); err != nil {
				return nil, err
			}
		}
		return slices.Clip(value), nil
	case map[string]any:
		for key, element := range value {
			if value[key], err = typed(element); err != nil {
				return nil, err
			}
		}
	}
	return value, nil
}
