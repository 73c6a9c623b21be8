// Program judge answers what GitOps tools make of an object: Argo CD, by running a health check in the Lua that it embeds,
// and Flux, by kstatus.
//
// It reads one JSON object a line, {"object": …, "lua": …}, and answers each with one line, {"health": …, "message": …,
// "kstatus": …, "kstatusMessage": …} or {"error": …}.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"time"

	"github.com/fluxcd/cli-utils/pkg/kstatus/status"
	lua "github.com/yuin/gopher-lua"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

type question struct {
	Object unstructured.Unstructured `json:"object"`
	Lua    string                    `json:"lua"`
}

type answer struct {
	Health         string `json:"health,omitempty"`
	Message        string `json:"message,omitempty"`
	Kstatus        string `json:"kstatus,omitempty"`
	KstatusMessage string `json:"kstatusMessage,omitempty"`
	Error          string `json:"error,omitempty"`
}

// Argo CD gives a health check one second.
const patience = time.Second

func main() {
	input := bufio.NewReaderSize(os.Stdin, 1<<20)
	encoder := json.NewEncoder(os.Stdout)
	for {
		line, err := input.ReadBytes('\n')
		if err != nil {
			return
		}
		if err := encoder.Encode(judge(line)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
}

func judge(line []byte) answer {
	var asked question
	if err := json.Unmarshal(line, &asked); err != nil {
		return answer{Error: "judge: " + err.Error()}
	}
	result, err := status.Compute(&asked.Object)
	if err != nil {
		return answer{Error: "kstatus: " + err.Error()}
	}
	health, message, err := checkHealth(asked.Object.Object, asked.Lua)
	if err != nil {
		return answer{Error: "lua: " + err.Error()}
	}
	return answer{Health: health, Message: message, Kstatus: string(result.Status), KstatusMessage: result.Message}
}

// checkHealth runs the script as Argo CD does where `useOpenLibs` is not set: with the base and table libraries alone, so that
// a script which needs more (string, io, os) fails here as it would there.
func checkHealth(object map[string]any, script string) (string, string, error) {
	state := lua.NewState(lua.Options{SkipOpenLibs: true})
	defer state.Close()
	for name, open := range map[string]lua.LGFunction{lua.BaseLibName: lua.OpenBase, lua.TabLibName: lua.OpenTable} {
		call := lua.P{Fn: state.NewFunction(open), NRet: 0, Protect: true}
		if err := state.CallByParam(call, lua.LString(name)); err != nil {
			return "", "", err
		}
	}
	limited, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	state.SetContext(limited)
	state.SetGlobal("obj", toLua(state, object))
	if err := state.DoString(script); err != nil {
		return "", "", err
	}
	table, ok := state.Get(-1).(*lua.LTable)
	if !ok {
		return "", "", fmt.Errorf("returned a %s, no table", state.Get(-1).Type())
	}
	status, ok := table.RawGetString("status").(lua.LString)
	if !ok {
		return "", "", fmt.Errorf("status is a %s, no string", table.RawGetString("status").Type())
	}
	message := table.RawGetString("message")
	if message.Type() != lua.LTString {
		return "", "", fmt.Errorf("message is a %s, no string", message.Type())
	}
	return string(status), message.String(), nil
}

// toLua turns what JSON was decoded to into Lua's types; null is as absent as a missing field.
func toLua(state *lua.LState, value any) lua.LValue {
	switch value := value.(type) {
	case bool:
		return lua.LBool(value)
	case int64:
		return lua.LNumber(value)
	case float64:
		return lua.LNumber(value)
	case string:
		return lua.LString(value)
	case []any:
		table := state.CreateTable(len(value), 0)
		for _, item := range value {
			table.Append(toLua(state, item))
		}
		return table
	case map[string]any:
		table := state.CreateTable(0, len(value))
		for key, item := range value {
			table.RawSetString(key, toLua(state, item))
		}
		return table
	}
	return lua.LNil
}
